"""What can be done, callable from a shell: no HTTP, no admin, no templates."""
