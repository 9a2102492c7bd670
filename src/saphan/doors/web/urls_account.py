"""The pages of people, under /<language>/account/: coming in, my account, and for staff, people."""

from __future__ import annotations

from saphan.doors.web import account_entry, account_pages, account_people

urlpatterns = [
    *account_pages.urlpatterns,
    *account_entry.urlpatterns,
    *account_people.urlpatterns,
]
