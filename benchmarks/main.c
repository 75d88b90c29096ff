/* ctx and spawn: the benchmark that is linked in decides which. */
#include "benchmarks/bench.h"

int main(int argc, char **argv) {
  return bench_main(argc, argv, &bench_this, stdout);
}
