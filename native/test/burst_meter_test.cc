#include "rtp/burst_meter.h"

#include <doctest/doctest.h>

#include <string_view>

namespace offhook {
namespace {

/// '.' came, 'x' was lost.
BurstMeter after(std::string_view packets) {
  BurstMeter meter;
  for (const char packet : packets) {
    if (packet == 'x') {
      meter.on_lost(1);
    } else {
      meter.on_received();
    }
  }
  return meter;
}

TEST_CASE("a loss with enough packets on both sides is isolated") {
  const BurstMeter meter = after("....x................x................");
  CHECK(meter.runs() == 2);
  CHECK(meter.bursts() == 0);
  CHECK(meter.burst_packets() == 0);
}

TEST_CASE("losses near each other are a burst with what came between them") {
  const BurstMeter meter = after("....xx.x...............x................");
  CHECK(meter.runs() == 3);
  CHECK(meter.bursts() == 1);
  CHECK(meter.burst_lost() == 4);
  CHECK(meter.burst_packets() == 20);
}

TEST_CASE("after sixteen packets that came the next burst is another") {
  const BurstMeter meter = after("xx................xxx................x");
  CHECK(meter.bursts() == 2);
  CHECK(meter.burst_lost() == 5);
  CHECK(meter.burst_packets() == 5);
  CHECK(meter.runs() == 3);
}

TEST_CASE("several lost at once are one run") {
  BurstMeter meter;
  meter.on_received();
  meter.on_lost(20);
  CHECK(meter.runs() == 1);
  CHECK(meter.bursts() == 1);
  CHECK(meter.burst_lost() == 20);
  CHECK(meter.burst_packets() == 20);
}

}  // namespace
}  // namespace offhook
