/* Lua 5.4's coroutines, resumed from C and from Lua. */
#include "benchmarks/ctx.h"
#include "benchmarks/spawn.h"

#if defined(CORO_HAVE_LUA)
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static const char program[] =
    "local resume, yield = coroutine.resume, coroutine.yield\n"
    "local create = coroutine.create\n"
    "function bounce() while true do yield() end end\n"
    "local bouncer = create(bounce)\n"
    "function run(n) for _ = 1, n do resume(bouncer) end end\n"
    "local ran = 0\n"
    "local function count() ran = ran + 1 end\n"
    "function spawn(n)\n"
    "  ran = 0\n"
    "  for _ = 1, n do resume(create(count)) end\n"
    "  return ran\n"
    "end\n";

static lua_State *state(void) {
  static lua_State *lua;
  if (!lua) {
    lua_State *fresh = luaL_newstate();
    if (!fresh) return NULL;
    luaL_openlibs(fresh);
    if (luaL_dostring(fresh, program) != LUA_OK) {
      lua_close(fresh);
      return NULL;
    }
    lua = fresh;
  }
  return lua;
}

/* Calls a function of `program` and returns what it does, or -1. */
static double call(lua_State *lua, const char *function, long turns,
                   lua_Integer *result) {
  double start;
  lua_getglobal(lua, function);
  lua_pushinteger(lua, turns);
  start = bench_now();
  if (lua_pcall(lua, 1, 1, 0) != LUA_OK) {
    lua_pop(lua, 1);
    return -1;
  }
  start = bench_now() - start;
  *result = lua_tointeger(lua, -1);
  lua_pop(lua, 1);
  return start;
}

static double run(long turns) {
  lua_State *lua = state();
  lua_Integer nothing;
  double ns = lua ? call(lua, "run", turns, &nothing) : -1;
  return ns < 0 ? bench_failed("Lua", "it does not run") : ns;
}

/* The same coroutine body, resumed by C. */
static double run_from_c(long turns) {
  static lua_State *bouncer;
  lua_State *lua = state();
  double start;
  int results;
  if (!lua) return bench_failed("Lua from C", "no state");
  if (!bouncer) {
    bouncer = lua_newthread(lua); /* stays on the stack, so it is kept */
    lua_getglobal(bouncer, "bounce");
    if (lua_resume(bouncer, lua, 0, &results) != LUA_YIELD)
      return bench_failed("Lua from C", "it does not yield");
  }
  start = bench_now();
  for (long i = 0; i < turns; i++) lua_resume(bouncer, lua, 0, &results);
  start = bench_now() - start;
  if (lua_status(bouncer) != LUA_YIELD)
    return bench_failed("Lua from C", "it does not bounce");
  return start;
}

static double spawn(long turns) {
  lua_State *lua = state();
  lua_Integer ran = 0;
  double ns = lua ? call(lua, "spawn", turns, &ran) : -1;
  return ns < 0 || ran != turns ? bench_failed("Lua", "one did not run") : ns;
}

#define RUN run
#define RUN_FROM_C run_from_c
#define SPAWN spawn
#define NOTE "coroutine.resume and coroutine.yield"
#define C_NOTE "the same body, lua_resume"
#define SPAWN_NOTE "coroutine.create and coroutine.resume; garbage collection"
#else
#define RUN NULL
#define RUN_FROM_C NULL
#define SPAWN NULL
#define NOTE "built without liblua5.4-dev"
#define C_NOTE NOTE
#define SPAWN_NOTE NOTE
#endif

static const struct row ctx[] = {
    {"Lua", NOTE, RUN, BENCH_PEER},
    {"Lua from C", C_NOTE, RUN_FROM_C, BENCH_PEER},
};
static const struct row spawned[] = {{"Lua", SPAWN_NOTE, SPAWN, BENCH_PEER}};

const struct rows ctx_lua_rows = BENCH_ROWS(ctx);
const struct rows spawn_lua_rows = BENCH_ROWS(spawned);
