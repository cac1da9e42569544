#include "engine/send_wheel.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace offhook {
namespace {

std::vector<std::uint64_t> due_ticks(const SendWheel<int>& wheel, const int* item, std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> ticks;
  for (std::uint64_t tick = from; tick < to; ++tick) {
    const auto due = wheel.due(tick);
    ticks.insert(ticks.end(), static_cast<std::size_t>(std::count(due.begin(), due.end(), item)), tick);
  }
  return ticks;
}

TEST_CASE("each is due once per packet time, for ever, whatever the others' packet times are") {
  SendWheel<int> wheel(5);
  int items[5] = {};
  const std::uint32_t periods[] = {2, 4, 6, 8, 12};
  for (std::size_t i = 0; i < 5; ++i) wheel.place(&items[i], periods[i]);
  for (std::size_t i = 0; i < 5; ++i) {
    CAPTURE(periods[i]);
    const auto ticks = due_ticks(wheel, &items[i], 1'000'003, 1'000'003 + 240);
    REQUIRE(ticks.size() == 240 / periods[i]);
    for (std::size_t k = 1; k < ticks.size(); ++k) CHECK(ticks[k] - ticks[k - 1] == periods[i]);
  }
}

TEST_CASE("those of one packet time are spread evenly over its ticks") {
  SendWheel<int> wheel(100);
  std::vector<int> items(100);
  for (auto& item : items) wheel.place(&item, 4);
  for (std::uint64_t tick = 0; tick < 24; ++tick) CHECK(wheel.due(tick).size() == 25);
  for (auto& item : items) wheel.remove(&item);
  for (std::size_t i = 0; i < items.size(); ++i) wheel.place(&items[i], i % 2 == 0 ? 4 : 12);
  for (std::uint64_t tick = 0; tick < 24; ++tick) {
    CHECK(wheel.due(tick).size() >= 16);
    CHECK(wheel.due(tick).size() <= 18);
  }
}

TEST_CASE("a place that is taken anew or given up leaves nothing behind") {
  SendWheel<int> wheel(2);
  int item = 0;
  wheel.place(&item, 2);
  wheel.place(&item, 12);
  CHECK(due_ticks(wheel, &item, 0, 24).size() == 2);
  wheel.remove(&item);
  wheel.remove(&item);
  CHECK(due_ticks(wheel, &item, 0, 24).empty());
}

}  // namespace
}  // namespace offhook
