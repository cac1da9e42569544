#include "rtp/rate_cap.h"

#include <doctest/doctest.h>

namespace offhook {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kStart = 5'000 * kMs;

TEST_CASE("packets of 10 ms, each sent twice, are never too many") {
  RateCap cap;
  for (int i = 0; i < 60'000; ++i) CHECK(cap.admit(kStart + i / 2 * 10 * kMs));
}

TEST_CASE("a second that the network held back comes through at once") {
  RateCap cap;
  for (int i = 0; i < 100; ++i) CHECK(cap.admit(kStart + i * 10 * kMs));
  for (int i = 0; i < 100; ++i) CHECK(cap.admit(kStart + 2'000 * kMs));
}

TEST_CASE("of a flood the cap is let through, and as soon as it is over everything again") {
  RateCap cap;
  int admitted = 0;
  for (int i = 0; i < 100'000; ++i) admitted += cap.admit(kStart + i * kMs / 10) ? 1 : 0;
  CHECK(admitted >= 10 * RateCap::kPerSecond + RateCap::kBurst - 1);
  CHECK(admitted <= 10 * RateCap::kPerSecond + RateCap::kBurst);
  for (int i = 1; i < 500; ++i) CHECK(cap.admit(kStart + 10'000 * kMs + i * 20 * kMs));
}

}  // namespace
}  // namespace offhook
