-- SPDX-License-Identifier: Apache-2.0
-- The proxy's side of `caretaker kibana`: where each Kibana runs, who was last used, and waking.
-- Needs lua-cjson and the two shared dictionaries of caretaker.conf; reloads keep both.

local cjson = require("cjson.safe")

local _M = {}

local defaults = {
    marathon = { "http://127.0.0.1:8080" }, -- all of its addresses; names need a `resolver`
    authorization = nil, -- value of the header, such as "Basic dXNlcjpwYXNzd29yZA=="
    authorization_file = nil, -- a file that holds it, instead
    label = "caretaker.kibana", -- apps with this label set to "true" are served and woken
    refresh_every = 3, -- seconds between two looks at Marathon
    wake_every = 30, -- seconds in which an app is woken at most once
    timeout = 5000, -- milliseconds for each step of talking to Marathon
    -- Requests of these agents are no use; patterns of Lua.
    ignored_agents = { "^caretaker/", "^curl/", "^Prometheus", "[Bb]ot", "[Mm]onitor" },
    -- Whether what Kibana's pages ask for by themselves (7.6 and later) is no use; as in the key
    -- kibana.access_log.ignore_system_requests. An open page then neither counts nor wakes.
    ignore_system_requests = false,
    -- The id in Marathon for a path of the proxy: /kibana/ads/app/home is the app /kibana/ads.
    app_of = function(path)
        return path:match("^(/kibana/[%w._%-]+)/") or path:match("^(/kibana/[%w._%-]+)$")
    end,
}

-- What Kibana gets of the path: with server.basePath /kibana/ads and without
-- server.rewriteBasePath it wants that gone.
defaults.path_for = function(path, id)
    local rest = path:sub(#id + 1)
    return rest == "" and "/" or rest
end

local settings = defaults

local function access()
    return ngx.shared.caretaker_access
end

local function state()
    return ngx.shared.caretaker_state
end

local function now_ms()
    return math.floor(ngx.now() * 1000)
end

local function authorization()
    if settings.authorization_file then
        local file = io.open(settings.authorization_file)
        if file then
            local value = file:read("*l")
            file:close()
            return value
        end
        ngx.log(ngx.ERR, "caretaker: cannot read ", settings.authorization_file)
    end
    return settings.authorization
end

local function read_chunks(socket)
    local parts = {}
    while true do
        local line, err = socket:receive("*l")
        local size = line and tonumber(line:match("^%x+"), 16)
        if not size then
            return nil, err or "a chunk without its size"
        end
        if size == 0 then
            return table.concat(parts)
        end
        local part
        part, err = socket:receive(size)
        if not part then
            return nil, err
        end
        parts[#parts + 1] = part
        socket:receive(2) -- the line break behind it
    end
end

local function read_response(socket)
    local line, err = socket:receive("*l")
    local status = line and tonumber(line:match("^HTTP/1%.%d (%d%d%d)"))
    if not status then
        return nil, err or "no HTTP"
    end
    local length, is_chunked
    repeat
        line, err = socket:receive("*l")
        if not line then
            return nil, err
        end
        local name, value = line:match("^([^:]+):%s*(.-)%s*$")
        if name and name:lower() == "content-length" then
            length = tonumber(value)
        elseif name and name:lower() == "transfer-encoding" then
            is_chunked = value:lower():find("chunked", 1, true) ~= nil
        end
    until line == ""
    local body
    if is_chunked then
        body, err = read_chunks(socket)
    else
        body, err = socket:receive(length or "*a")
    end
    if not body then
        return nil, err
    end
    return { status = status, body = body }
end

local function ask_one(address, method, path, body)
    local host, port = address:match("^http://([^:/]+):?(%d*)")
    if not host then
        return nil, address .. " is no http://HOST:PORT"
    end
    local socket = ngx.socket.tcp()
    socket:settimeout(settings.timeout)
    local ok, err = socket:connect(host, tonumber(port) or 80)
    if not ok then
        return nil, err
    end
    local lines = {
        method .. " " .. path .. " HTTP/1.1",
        "Host: " .. host .. ":" .. (port ~= "" and port or "80"),
        "User-Agent: caretaker-proxy",
        "Accept: application/json",
        "Connection: close",
    }
    local secret = authorization()
    if secret then
        lines[#lines + 1] = "Authorization: " .. secret
    end
    if body then
        lines[#lines + 1] = "Content-Type: application/json"
        lines[#lines + 1] = "Content-Length: " .. #body
    end
    ok, err = socket:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. (body or ""))
    if not ok then
        socket:close()
        return nil, err
    end
    local response
    response, err = read_response(socket)
    socket:close()
    return response, err
end

-- The answer of the first Marathon that gives one which is no 5xx.
local function ask_marathon(method, path, body)
    local trouble
    for _, address in ipairs(settings.marathon) do
        local response, err = ask_one(address, method, path, body)
        if response and response.status < 500 then
            return response
        end
        trouble = address .. ": " .. (err or tostring(response.status))
    end
    return nil, trouble
end

local function is_running(task)
    return (task.state == nil or task.state == "TASK_RUNNING") and type(task.ports) == "table" and task.ports[1]
end

local function describe(app)
    local places = {}
    for _, task in ipairs(app.tasks or {}) do
        if is_running(task) then
            places[#places + 1] = task.host .. ":" .. task.ports[1]
        end
    end
    local wanted = tonumber((app.labels or {})["caretaker.instances"])
    return { places = places, instances = app.instances or 0, wake = wanted and wanted >= 1 and wanted or 1 }
end

-- What Marathon says replaces what is known; while it is away that stays as it is.
local function refresh()
    local response, trouble =
        ask_marathon("GET", "/v2/apps?label=" .. settings.label .. "%3D%3Dtrue&embed=apps.tasks")
    local answer = response and response.status == 200 and cjson.decode(response.body)
    if type(answer) ~= "table" or type(answer.apps) ~= "table" then
        ngx.log(ngx.ERR, "caretaker: Marathon: ", trouble or (response and response.status) or "no apps")
        return
    end
    local generation = (state():get("generation") or 0) + 1
    for _, app in ipairs(answer.apps) do
        local known = describe(app)
        known.generation = generation
        state():set("app:" .. app.id, cjson.encode(known))
    end
    state():set("generation", generation)
end

local function tick(premature)
    if premature then
        return
    end
    -- One worker asks for all of them.
    if state():add("turn", true, settings.refresh_every * 0.9) then
        local ok, err = pcall(refresh)
        if not ok then
            ngx.log(ngx.ERR, "caretaker: ", err)
        end
    end
    ngx.timer.at(settings.refresh_every, tick)
end

-- What is known of an app: nil where Marathon has none, false where Marathon never answered yet.
local function find(id)
    local generation = state():get("generation")
    if not generation then
        return false
    end
    local known = cjson.decode(state():get("app:" .. id) or "")
    return known and known.generation == generation and known or nil
end

local function wake(premature, id, instances)
    if premature then
        return
    end
    local response, trouble =
        ask_marathon("PATCH", "/v2/apps/" .. id, cjson.encode({ instances = instances }))
    if not response or response.status >= 300 then
        ngx.log(ngx.ERR, "caretaker: waking ", id, ": ", trouble or response.status)
    else
        ngx.log(ngx.NOTICE, "caretaker: woke ", id)
    end
end

local function is_use()
    if settings.ignore_system_requests and ngx.var.http_kbn_system_request == "true" then
        return false
    end
    local agent = ngx.var.http_user_agent or ""
    for _, pattern in ipairs(settings.ignored_agents) do
        if agent:find(pattern) then
            return false
        end
    end
    return true
end

local function note_use(id)
    local _, _, was_full = access():set("app:" .. id, now_ms())
    if was_full then -- somebody was forgotten, so nothing is known of the time before now
        access():set("started", now_ms())
    end
end

-- Bytes that are no UTF-8 become question marks: nginx's escape=json leaves them as they are.
function _M.text(bytes)
    if not bytes then
        return ""
    end
    local parts, at = {}, 1
    while at <= #bytes do
        local first = bytes:byte(at)
        local length = first < 0x80 and 1
            or first >= 0xC2 and first < 0xE0 and 2
            or first >= 0xE0 and first < 0xF0 and 3
            or first >= 0xF0 and first < 0xF5 and 4
            or 0
        local part = bytes:sub(at, at + length - 1)
        local second = part:byte(2) or 0x80
        local is_good = length > 0 and #part == length and not part:find("[^\128-\191]", 2)
            and not (first == 0xE0 and second < 0xA0) and not (first == 0xED and second > 0x9F)
            and not (first == 0xF0 and second < 0x90) and not (first == 0xF4 and second > 0x8F)
        parts[#parts + 1] = is_good and part or "?"
        at = at + (is_good and length or 1)
    end
    return table.concat(parts)
end

function _M.path()
    return _M.text((ngx.var.request_uri or ""):match("^[^?]*"))
end

local waiting_page = [[
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>Kibana is waking up</title></head>
<body><h1>Kibana is waking up</h1>
<p>Nobody used it for a while, so it was asleep. This page comes back by itself when it is ready, in a minute or so.</p>
</body></html>
]]

-- Answers 503 with a page that comes again, or with JSON for who wants no page.
function _M.wait()
    ngx.status = ngx.HTTP_SERVICE_UNAVAILABLE
    ngx.header["Retry-After"] = "10"
    ngx.header["Cache-Control"] = "no-store"
    if (ngx.var.http_accept or ""):find("text/html", 1, true) then
        ngx.header["Content-Type"] = "text/html; charset=utf-8"
        ngx.print(waiting_page)
    else
        ngx.header["Content-Type"] = "application/json"
        ngx.print('{"statusCode":503,"error":"Service Unavailable","message":"Kibana is waking up"}\n')
    end
    return ngx.exit(ngx.HTTP_OK)
end

-- For access_by_lua: names the app and where it runs, or wakes it and ends the request.
function _M.enter()
    local id = settings.app_of(ngx.var.uri)
    local app = id and find(id)
    if id and app == false then
        return _M.wait()
    end
    if not app then
        return ngx.exit(ngx.HTTP_NOT_FOUND)
    end
    ngx.var.caretaker_app = id
    local uses = is_use()
    if uses then
        note_use(id)
    end
    if #app.places == 0 then
        -- Checks and crawlers wake nobody.
        if app.instances == 0 and uses and state():add("wake:" .. id, true, settings.wake_every) then
            ngx.timer.at(0, wake, id, app.wake)
        end
        return _M.wait()
    end
    ngx.var.caretaker_upstream = app.places[math.random(#app.places)]
    ngx.req.set_uri(settings.path_for(ngx.var.uri, id))
end

-- For content_by_lua: {"started":ms,"apps":{"/kibana/ads":ms},"free_bytes":n}.
function _M.last_access()
    local apps = {}
    for _, key in ipairs(access():get_keys(0)) do
        local id = key:match("^app:(.+)$")
        if id then
            apps[id] = access():get(key)
        end
    end
    ngx.header["Content-Type"] = "application/json"
    ngx.header["Cache-Control"] = "no-store"
    ngx.print(cjson.encode({
        started = access():get("started"),
        apps = apps,
        free_bytes = access():free_space(), -- whole pages: 0 is nearly full
    }))
end

-- For init_worker_by_lua, with what is to be other than the defaults above.
function _M.start(given)
    settings = setmetatable(given or {}, { __index = defaults })
    access():add("started", now_ms()) -- only once; a reload keeps it
    ngx.timer.at(0, tick)
end

return _M
