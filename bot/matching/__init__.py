"""Free text to the explainer that answers it, or honestly to none."""
