"""Short cards for the days after a block. A clinic's clinician approves each before it shows."""
