"""What the owner sees: overviews, charts and tables."""
