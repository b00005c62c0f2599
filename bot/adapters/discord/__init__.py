"""Discord: interactions in, sealed replies out."""
