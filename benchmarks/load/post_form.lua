-- Sends one form again and again, each time with an idempotency key of its own.
-- Arguments: the form, and what the keys of this run begin with; without it there are no keys.

local form, prefix
local sent = 0

function init(arguments)
  form, prefix = arguments[1], arguments[2]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  if prefix then
    sent = sent + 1
    wrk.headers["Idempotency-Key"] = prefix .. sent
  end
  return wrk.format("POST", nil, nil, form)
end
