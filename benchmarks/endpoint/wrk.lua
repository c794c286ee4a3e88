-- Requests of wrk, each with a number of its own, and the result as JSON.
-- Arguments: template ("" repeats the URL), first number, events, places.

local template, number, events, places

function init(args)
  template, number, events, places = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
end

function request()
  if template == "" then
    return wrk.format()
  end
  number = number + 1
  local path = template:gsub("@N@", tostring(number))
  path = path:gsub("@E@", string.format("%07d", number * 7919 % events))
  path = path:gsub("@P@", string.format("%06d", number * 7919 % places))
  return wrk.format("GET", path)
end

function done(summary, latency, requests)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format(
    '@@{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failed))
end
