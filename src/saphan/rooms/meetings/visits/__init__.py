"""The corner of visits: delegations and public tours, their routes over the stations of the centre,
the guides, and the plan of a day. The engine is `engines/timetable/tours`."""
