"""The county's hub: takes the logs of all villages and publishes the county's own."""
