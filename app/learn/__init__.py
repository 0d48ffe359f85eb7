"""Short courses: topics with lessons, quizzes and drills, and how far each person is."""
