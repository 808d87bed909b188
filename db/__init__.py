"""The store that terminal and county share."""
