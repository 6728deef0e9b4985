"""The sample case, walked through the same services as any other, to a bundle that its receiver opens and checks."""
