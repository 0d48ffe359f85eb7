"""Habits that are done again and again, and goals that are reached in milestones.

Owns habits, habit_completions, goals and goal_milestones.
"""
