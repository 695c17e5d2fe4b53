-- Stand-in numbers are deactivated when their end has come.

CREATE INDEX endings_of_numbers ON endings (ends_at) WHERE kind = 'number';
