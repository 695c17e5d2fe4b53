-- Asks for one address after another, and begins again after the last.
-- Argument: a file with a path a line.

local paths = {}
local asked = 0

function init(arguments)
  for path in io.lines(arguments[1]) do
    paths[#paths + 1] = path
  end
end

function request()
  asked = asked % #paths + 1
  return wrk.format("GET", paths[asked])
end
