"""What happens around an application: what people write down, and the rounds in which Vangrail measures by itself."""
