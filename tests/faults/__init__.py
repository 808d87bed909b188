"""What is left after something went wrong: power cuts, kills, full disks, flipped bytes."""
