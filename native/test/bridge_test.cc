#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "engine/bridge_line.h"
#include "engine/sample_fifo.h"

using namespace offhook;

namespace {

using Frame = std::array<std::int16_t, kFrameSamples>;

/// A speaker who says a sine, frame by frame.
class Speaker {
 public:
  Frame next() {
    Frame frame;
    for (auto& sample : frame) sample = static_cast<std::int16_t>(std::lround(8'000 * std::sin(0.1 * position_++)));
    return frame;
  }

 private:
  int position_{0};
};

std::vector<std::int16_t> take(BridgeLine& line, int frames) {
  std::vector<std::int16_t> out;
  for (int i = 0; i < frames; ++i) {
    Frame frame;
    line.take(frame);
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

int loudest(std::span<const std::int16_t> samples) {
  int most = 0;
  for (const auto sample : samples) most = std::max(most, std::abs(static_cast<int>(sample)));
  return most;
}

/// The steepest step between neighbours: a click shows here. The sine itself has steps of at most 800.
int steepest(std::span<const std::int16_t> samples) {
  int most = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) most = std::max(most, std::abs(samples[i] - samples[i - 1]));
  return most;
}

/// Samples until what was written first is heard.
std::size_t delay_of(std::span<const std::int16_t> samples) {
  return static_cast<std::size_t>(std::find_if(samples.begin(), samples.end(), [](auto s) { return s != 0; }) - samples.begin());
}

}  // namespace

TEST_CASE("fifo: wraps, keeps the newest, looks ahead without taking") {
  SampleFifo<700> fifo;
  std::vector<std::int16_t> one(500);
  for (std::int16_t round = 0; round < 20; ++round) {
    std::fill(one.begin(), one.end(), round);
    fifo.write(one);
    CHECK(fifo.size() == (round == 0 ? 500 : 700));
    std::array<std::int16_t, 4> ahead{};
    CHECK(fifo.peek(ahead, fifo.size() - 2) == 2);
    CHECK(ahead[0] == round);
    CHECK(fifo.peek(ahead, 5'000) == 0);
  }
  fifo.skip(10'000);
  CHECK(fifo.size() == 0);
}

TEST_CASE("bridge: a steady stream passes whole, 10 ms later") {
  BridgeLine line;
  Speaker speaker;
  CHECK(loudest(take(line, 3)) == 0);
  std::vector<std::int16_t> said;
  std::vector<std::int16_t> heard;
  for (int i = 0; i < 500; ++i) {
    const Frame frame = speaker.next();
    said.insert(said.end(), frame.begin(), frame.end());
    line.write(frame, false);
    const auto next = take(line, 1);
    heard.insert(heard.end(), next.begin(), next.end());
  }
  CHECK(delay_of(heard) <= BridgeLine::kLeastKept + 1);
  const auto late = static_cast<std::ptrdiff_t>(BridgeLine::kLeastKept);
  CHECK(std::equal(heard.begin() + late, heard.end(), said.begin()));
}

TEST_CASE("bridge: jitter is absorbed after the first time, and the delay is given back when the line is calm again") {
  BridgeLine line;
  Speaker speaker;
  const auto jittery = [&](int bursts) {
    std::vector<std::int16_t> heard;
    for (int i = 0; i < bursts; ++i) {
      // Three packets come at once, then nothing for 60 ms.
      for (int k = 0; k < 3; ++k) line.write(speaker.next(), false);
      const auto next = take(line, 3);
      heard.insert(heard.end(), next.begin(), next.end());
    }
    return heard;
  };
  jittery(5);
  const auto heard = jittery(100);
  CHECK(steepest(heard) < 900);
  std::vector<std::int16_t> calm;
  for (int i = 0; i < 3'000; ++i) {
    line.write(speaker.next(), false);
    const auto next = take(line, 1);
    calm.insert(calm.end(), next.begin(), next.end());
  }
  CHECK(steepest(calm) < 900 + 8'000 / 4);
  // What is left when nothing more comes was the delay.
  const auto rest = take(line, 20);
  const auto sounding = std::find_if(rest.rbegin(), rest.rend(), [](auto s) { return s != 0; });
  CHECK(rest.rend() - sounding < static_cast<std::ptrdiff_t>(3 * kFrameSamples + 960));
}

TEST_CASE("bridge: a loss is concealed once, not a second time when the receiver makes it up") {
  BridgeLine line;
  Speaker speaker;
  for (int i = 0; i < 50; ++i) {
    line.write(speaker.next(), false);
    take(line, 1);
  }
  for (int i = 0; i < 2'000; ++i) {
    const Frame frame = speaker.next();
    if (i % 10 == 9) {
      line.write(frame, true);  // made up by the receiver after the fact
    } else if (i % 10 != 8) {
      line.write(frame, false);
    }
    CHECK(loudest(take(line, 1)) > 4'000);
  }
  // Had it been heard twice, the delay would have grown with each loss.
  const auto rest = take(line, 20);
  CHECK(loudest(std::span(rest).subspan(BridgeLine::kMostKept + 2 * kFrameSamples)) == 0);
}

TEST_CASE("bridge: silence when the far end stops, a clean start when it speaks again, bounded memory when nobody takes") {
  BridgeLine line;
  Speaker speaker;
  for (int i = 0; i < 10; ++i) {
    line.write(speaker.next(), false);
    take(line, 1);
  }
  const auto fading = take(line, 5);
  CHECK(loudest(std::span(fading).last(kFrameSamples)) == 0);
  CHECK(loudest(take(line, 100)) == 0);
  // A second of silence that was never sent comes in one piece with the next packet: it has been heard already.
  const std::vector<std::int16_t> never_sent(kAudioRateHz, 0);
  line.write(never_sent, true);
  line.write(speaker.next(), false);
  CHECK(loudest(take(line, 1)) > 4'000);
  for (int i = 0; i < 1'000; ++i) line.write(speaker.next(), false);
  take(line, static_cast<int>(BridgeLine::kMostSamples / kFrameSamples) + 4);
  CHECK(loudest(take(line, 1)) == 0);
  line.write(speaker.next(), false);
  line.clear();
  CHECK(loudest(take(line, 2)) == 0);
}

TEST_CASE("bridge: clocks that differ by 500 ppm stay within the bound for an hour") {
  for (const int every : {2'000, -2'000}) {
    BridgeLine line;
    Speaker speaker;
    int heard_loud = 0;
    const int frames = 180'000;
    for (int i = 0; i < frames; ++i) {
      if (every > 0 || i % -every != 0) line.write(speaker.next(), false);
      if (every > 0 && i % every == 0) line.write(speaker.next(), false);
      heard_loud += loudest(take(line, 1)) > 4'000 ? 1 : 0;
    }
    CHECK(heard_loud > frames - frames / 1'000);
  }
}
