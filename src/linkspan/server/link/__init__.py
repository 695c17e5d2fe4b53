"""What the modal talks to, trusted only with a Session's client secret."""
