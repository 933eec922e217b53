"""The example site: a believable brand that holds open calls."""
