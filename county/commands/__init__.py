"""The commands of the hub, one file a group; heavy imports stand inside each command."""
