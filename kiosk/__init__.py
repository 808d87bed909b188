"""The village terminal: screens, devices, paper and what the village does."""

__version__ = "0.1.0"
