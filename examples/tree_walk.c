/* The same-fringe problem: do two trees of different shape have the same
 * leaves in the same order?  Two coroutines walk, each by plain recursion, and
 * the caller compares leaf by leaf: neither tree is copied or walked further
 * than needed. */
#include <stdbool.h>
#include <stdio.h>

#include "coro/frame.h"

typedef struct node {
  const struct node *left, *right; /* a leaf has neither */
  char leaf;
} node;

typedef const node *tree;

/* Yields the leaves, left to right, and returns their number. */
CORO_FRAME(leaves, int, char, void, (tree, root))

static int walk(leaves *self, tree t) {
  int n;
  if (!t->left) return leaves_yield(self, t->leaf) < 0 ? 0 : 1;
  n = walk(self, t->left);
  return n + walk(self, t->right);
}

CORO_FRAME_BODY(leaves) { return walk(self, self->root); }

static bool same_fringe(tree a, tree b) {
  leaves *l = NULL, *r = NULL;
  char x = 0, y = 0;
  bool same = false;
  int compared = 0;
  if (leaves_new(&l, a) == 0 && leaves_new(&r, b) == 0) {
    int left = leaves_start(l, &x), right = leaves_start(r, &y);
    while (left == CORO_SUSPENDED && right == CORO_SUSPENDED) {
      compared++;
      if (x != y) break;
      left = leaves_next(l, &x);
      right = leaves_next(r, &y);
    }
    same = left == CORO_DONE && right == CORO_DONE;
    printf("%d compared, %s\n", compared, same ? "the same" : "different");
  }
  leaves_abandon(l); /* may be half-way; is refused for NULL */
  leaves_abandon(r);
  leaves_free(l);
  leaves_free(r);
  return same;
}

int main(void) {
  const node a = {.leaf = 'a'}, b = {.leaf = 'b'}, c = {.leaf = 'c'};
  const node ab = {&a, &b, 0}, ab_c = {&ab, &c, 0};   /* ((a b) c) */
  const node bc = {&b, &c, 0}, a_bc = {&a, &bc, 0};   /* (a (b c)) */
  const node ac = {&a, &c, 0}, ac_bc = {&ac, &bc, 0}; /* ((a c) (b c)) */
  bool first = same_fringe(&ab_c, &a_bc);
  bool second = same_fringe(&ab_c, &ac_bc);
  bool third = same_fringe(&ab, &a_bc);
  return !first || second || third;
}
