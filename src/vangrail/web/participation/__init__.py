"""Taking part: questions, objections and complaints from outside, consultations, and simple surveys."""
