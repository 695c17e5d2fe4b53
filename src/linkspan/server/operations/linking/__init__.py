"""One linking attempt, from the modal's opening to the accounts it collected."""
