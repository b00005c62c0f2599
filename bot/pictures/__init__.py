"""Pictures of answers, drawn from the writers' own words with the warning inside. Nothing of the system's is used."""
