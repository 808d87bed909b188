"""The meeting desk through its screen."""
