"""What if: every figure of a scenario at once, exact, and what any place or closure would do."""
