"""From what was found to an `Answer`: the question in full, evidence, statements."""
