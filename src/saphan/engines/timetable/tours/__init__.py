"""Guided tours and visits: groups, routes over stations, guides. Plain Python and OR-Tools.

Import `saphan.engines.timetable.tours.client` to have tours planned in a process of their own;
`planning` plans in this one and loads the solver (86 MB)."""
