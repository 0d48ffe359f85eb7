"""Skills: the room of learning content (domains, skills, questions) and of learner events.

Owns learning.domains, learning.skills, learning.questions, learning.import_runs, learning.attempts,
learning.sessions and learning.skill_progress.
"""
