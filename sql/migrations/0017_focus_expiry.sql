-- Focus: what two columns hold while a session is paused and after it was resumed.

COMMENT ON COLUMN focus_sessions.expires_at IS
'After this it can no longer be completed: the start plus twice the planned length; while it is '
'paused, an hour after the pause if that is earlier.';
COMMENT ON COLUMN focus_pause_state.resumed_at IS
'Since when its present stretch counts: when it was last resumed, less the part of a second that '
'had run beyond the whole seconds stored; null while the first pause lasts.';
