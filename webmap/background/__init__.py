"""What is worked out beside the serving: streets and planners in memory, and long searches."""
