"""Focus: timed sessions with their pauses, and collections of tracks to focus with.

Owns focus_sessions, focus_pause_state, focus_libraries and focus_library_tracks.
"""
