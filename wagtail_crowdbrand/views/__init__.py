"""Public pages: each function takes a request and answers it."""
