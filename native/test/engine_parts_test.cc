#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "engine/echo_line.h"
#include "engine/gain.h"
#include "engine/heard_audio.h"
#include "engine/port_pool.h"
#include "engine/sample_fifo.h"
#include "engine/spsc_queue.h"

using namespace offhook;

TEST_CASE("ports come in even pairs within the range, each once, and rest two seconds") {
  PortPool pool(20'001, 20'008, 7);
  std::set<std::uint16_t> ports;
  while (const auto port = pool.take(0)) ports.insert(*port);
  CHECK(ports == std::set<std::uint16_t>{20'002, 20'004, 20'006});
  pool.give_back(20'004, 100);
  CHECK_FALSE(pool.take(100 + PortPool::kQuarantineNs - 1));
  CHECK(pool.take(100 + PortPool::kQuarantineNs) == 20'004);
  CHECK_FALSE(PortPool(65'535, 65'535, 1).take(0));
  CHECK(PortPool(65'534, 65'535, 1).take(0) == 65'534);
}

TEST_CASE("echo: a burst is ridden out, delay that stays is taken back to one frame, memory is bounded") {
  EchoLine line;
  std::array<std::int16_t, kFrameSamples> frame{};
  const std::vector<std::int16_t> one(kFrameSamples, 1);
  for (int i = 0; i < 5; ++i) line.write(one);
  for (int i = 0; i < 60; ++i) {
    line.write(one);
    CHECK(line.take(frame) == kFrameSamples);
  }
  std::size_t left = 0;
  for (std::size_t got = kFrameSamples; got == kFrameSamples; left += got) got = line.take(frame);
  CHECK(left <= kFrameSamples);
  for (int i = 0; i < 100; ++i) line.write(one);
  left = 0;
  for (std::size_t got = line.take(frame); got > 0; got = line.take(frame)) left += got;
  CHECK(left <= 10 * kFrameSamples);
}

TEST_CASE("gain ramps without a step and tells when it is not full") {
  Gain gain;
  std::vector<std::int16_t> samples(320, 10'000);
  CHECK(gain.apply(samples));
  gain.ramp_to(0.1F, 160);
  CHECK_FALSE(gain.apply(samples));
  for (std::size_t i = 1; i < samples.size(); ++i) CHECK(samples[i - 1] - samples[i] < 100);
  CHECK(samples.back() == doctest::Approx(1'000).epsilon(0.01));
  gain.ramp_to(4.0F, 0);
  std::vector<std::int16_t> loud(10, -20'000);
  gain.apply(loud);
  CHECK(loud[0] == -32'768);
}

TEST_CASE("heard audio wraps in its ring and knows when each sample arrived") {
  constexpr std::size_t kRing = 1'024;
  std::vector<std::uint32_t> memory(16 + kRing / 2);
  HeardAudio heard({reinterpret_cast<std::uint8_t*>(memory.data()), 64, kRing}, 42);
  CHECK(memory[0] == 42);
  std::vector<std::int16_t> frame(300);
  for (int i = 0; i < 10; ++i) {
    std::fill(frame.begin(), frame.end(), static_cast<std::int16_t>(i));
    heard.write(frame, 1'000 * (i + 1));
  }
  CHECK(memory[1] == 3'000);
  const auto* ring = reinterpret_cast<const std::int16_t*>(memory.data() + 16);
  CHECK(ring[2'999 % kRing] == 9);
  CHECK(ring[2'400 % kRing] == 8);
  CHECK(heard.arrival_of(0) == 1'000);
  CHECK(heard.arrival_of(299) == 1'000);
  CHECK(heard.arrival_of(300) == 2'000);
  CHECK(heard.arrival_of(2'999) == 10'000);
  for (int i = 0; i < 2'000; ++i) heard.write(frame, 1'000'000 + i);
  CHECK_FALSE(heard.arrival_of(0));
  heard.release();
  CHECK(memory[0] == 0);
}

TEST_CASE("the queue between threads keeps order across its end and refuses what does not fit") {
  SpscQueue<int> queue(8);
  for (int lap = 0; lap < 5; ++lap) {
    for (int i = 0; i < 6; ++i) CHECK(queue.push(10 * lap + i));
    int value = -1;
    for (int i = 0; i < 6; ++i) {
      CHECK(queue.pop(value));
      CHECK(value == 10 * lap + i);
    }
    CHECK_FALSE(queue.pop(value));
  }
  const std::vector<int> many(20, 1);
  CHECK(queue.write(many) == 8);
  CHECK_FALSE(queue.push(2));
}

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
