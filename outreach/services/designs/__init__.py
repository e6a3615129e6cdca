"""What stands on a card: one module for each place that a card's words can come from. None of them draws."""
