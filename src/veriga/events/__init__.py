"""Events: visits, calls, meetings, mails, with a company."""
