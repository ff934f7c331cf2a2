"""Variants: the same exercise with other numbers, one for each student."""
