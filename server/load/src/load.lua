-- The requests that wrk sends, and the line that it prints at the end.
--
--   wrk … --script load.lua URL                            GET
--   wrk … --script load.lua URL -- post BODY               POST with this JSON
--   wrk … --script load.lua URL -- rotate FILE THREADS     POST that replaces a credential of FILE, again and again
--
-- FILE has one credential per line: cookie, bearer token and refresh token, separated by tabs, each possibly empty.

-- wrk calls `setup` in one interpreter for all threads, and everything but `done` in the interpreter of a thread.
local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(args)
   wrk.headers["content-type"] = args[1] and "application/json"
   if args[1] == "post" then
      wrk.method, wrk.body = "POST", args[2]
   elseif args[1] == "rotate" then
      rotate(args[2], tonumber(args[3]))
   end
end

-- wrk does not say which connection a request belongs to. A credential leaves the list with its request, and its
-- successor joins the list with the answer, so that no two connections share one.
function rotate(file, of)
   local free, line_number = {}, 0
   for line in io.lines(file) do
      if line_number % of == number then
         local cookie, bearer, refresh = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)$")
         table.insert(free, { cookie = cookie, bearer = bearer, refresh = refresh })
      end
      line_number = line_number + 1
   end

   -- An empty list means that answers were refused. The request then has no credential, and is counted as failed.
   function request()
      local credential = table.remove(free) or { cookie = "", bearer = "", refresh = "" }
      local headers, body = { ["content-type"] = "application/json" }, "{}"
      if credential.cookie ~= "" then
         headers["cookie"], headers["sec-fetch-site"] = credential.cookie, "same-origin"
      end
      if credential.bearer ~= "" then
         headers["authorization"] = "Bearer " .. credential.bearer
      end
      if credential.refresh ~= "" then
         body = '{"refresh":"' .. credential.refresh .. '"}'
      end
      return wrk.format("POST", nil, headers, body)
   end

   function response(status, headers, body)
      if status ~= 200 then return end
      table.insert(free, {
         cookie = (headers["set-cookie"] or ""):match("^[^;]*"),
         bearer = body:match('"token":"([^"]+)"') or body:match('"access":"([^"]+)"') or "",
         refresh = body:match('"refresh":"([^"]+)"') or "",
      })
   end
end

-- Times are in microseconds.
function done(summary, latency)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
   io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes, failed,
      latency:percentile(50), latency:percentile(99)))
end
