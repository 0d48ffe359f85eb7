"""Taking a skill apart: levels that build on each other, and milestones to practise now."""
