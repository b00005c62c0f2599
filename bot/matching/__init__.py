"""Free text to the explainer it asks for, or honestly to none. Its law: it picks an answer, it never writes one."""
