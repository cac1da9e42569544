#include "rtp/telephone_event.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace offhook {
namespace {

std::array<std::uint8_t, 4> event(int code, int duration, bool end = false) {
  return {static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(end ? 0x8A : 0x0A), static_cast<std::uint8_t>(duration >> 8),
          static_cast<std::uint8_t>(duration & 0xFF)};
}

/// Collects what a receiver reports as "5/800 ".
struct Phone {
  TelephoneEventReceiver receiver;
  std::string heard;
  void note(const std::optional<Digit>& digit) {
    if (digit) heard += std::string(1, digit->digit) + "/" + std::to_string(digit->duration_ticks) + " ";
  }
  void packet(std::uint32_t timestamp, int code, int duration, bool end = false, std::int64_t now_ms = 0) {
    note(receiver.on_packet(timestamp, event(code, duration, end), now_ms));
  }
  void tick(std::int64_t now_ms) { note(receiver.on_tick(now_ms)); }
};

TEST_CASE("a payload is read field by field") {
  const auto parsed = parse_telephone_event(std::vector<std::uint8_t>{11, 0xC0 | 0x12, 0x03, 0x20});
  REQUIRE(parsed);
  CHECK(parsed->event == 11);
  CHECK(parsed->end);
  CHECK(parsed->volume == 0x12);
  CHECK(parsed->duration_ticks == 800);
}

TEST_CASE("short payloads and events that are no keys are nothing") {
  CHECK_FALSE(parse_telephone_event({}));
  CHECK_FALSE(parse_telephone_event(std::vector<std::uint8_t>{1, 0x80, 0}));
  CHECK_FALSE(parse_telephone_event(event(16, 100, true)));
  CHECK_FALSE(parse_telephone_event(event(255, 100, true)));
}

TEST_CASE("a press is reported once, when its end arrives, with its full duration") {
  Phone phone;
  for (int ticks = 160; ticks <= 640; ticks += 160) phone.packet(1000, 5, ticks);
  CHECK(phone.heard.empty());
  for (int copy = 0; copy < 3; ++copy) phone.packet(1000, 5, 800, true);
  phone.tick(10'000);
  CHECK(phone.heard == "5/800 ");
}

TEST_CASE("all sixteen keys have their character") {
  Phone phone;
  for (int code = 0; code < 16; ++code) phone.packet(static_cast<std::uint32_t>(code) * 2000, code, 400, true);
  std::string digits;
  for (std::size_t i = 0; i < phone.heard.size(); i += 6) digits += phone.heard[i];
  CHECK(digits == "0123456789*#ABCD");
}

TEST_CASE("the same key twice is two presses") {
  Phone phone;
  phone.packet(1000, 1, 400, true);
  phone.packet(1000, 1, 400, true);
  phone.packet(2000, 1, 400, true);
  CHECK(phone.heard == "1/400 1/400 ");
}

TEST_CASE("a single end packet is enough") {
  Phone phone;
  phone.packet(1000, 9, 1280, true);
  CHECK(phone.heard == "9/1280 ");
}

TEST_CASE("when every end is lost the press is reported after the time-out, and stragglers of it change nothing") {
  Phone phone;
  phone.packet(1000, 3, 160, false, 0);
  phone.packet(1000, 3, 320, false, 50);
  phone.tick(249);
  CHECK(phone.heard.empty());
  phone.tick(250);
  CHECK(phone.heard == "3/320 ");
  phone.packet(1000, 3, 480, true, 260);
  phone.tick(10'000);
  CHECK(phone.heard == "3/320 ");
}

TEST_CASE("when every end is lost the next press reports the one before it first") {
  Phone phone;
  phone.packet(1000, 1, 320);
  phone.packet(3000, 2, 160);
  CHECK(phone.heard == "1/320 ");
  phone.packet(3000, 2, 320, true);
  CHECK(phone.heard == "1/320 2/320 ");
}

TEST_CASE("an end that brings an unfinished press to light does not swallow its own") {
  Phone phone;
  phone.packet(1000, 1, 320);
  phone.packet(3000, 2, 320, true, 5);
  CHECK(phone.heard == "1/320 ");
  phone.tick(5);
  CHECK(phone.heard == "1/320 2/320 ");
  phone.packet(3000, 2, 320, true, 25);
  phone.tick(1000);
  CHECK(phone.heard == "1/320 2/320 ");
}

TEST_CASE("updates overtaken by the end or by the next press are ignored") {
  Phone phone;
  phone.packet(1000, 1, 480, true);
  phone.packet(1000, 1, 320);
  phone.packet(3000, 2, 160);
  phone.packet(1000, 1, 480, true);
  phone.packet(3000, 2, 480, true);
  phone.tick(10'000);
  CHECK(phone.heard == "1/480 2/480 ");
}

TEST_CASE("durations out of order keep the longest") {
  Phone phone;
  phone.packet(1000, 1, 480);
  phone.packet(1000, 1, 320);
  phone.tick(10'000);
  CHECK(phone.heard == "1/480 ");
}

TEST_CASE("a press longer than 16 bits of ticks goes on under a new timestamp and stays one press") {
  Phone phone;
  phone.packet(1000, 7, 65'000);
  phone.packet(1000, 7, 65'535);
  phone.packet(1000 + 65'535, 7, 160);
  phone.packet(1000 + 65'535, 7, 800, true);
  phone.tick(10'000);
  CHECK(phone.heard == "7/66335 ");
}

TEST_CASE("timestamps may wrap within and between presses") {
  Phone phone;
  phone.packet(0xFFFFFF00U, 4, 160);
  phone.packet(0xFFFFFF00U, 4, 320, true);
  phone.packet(0x00000400U, 4, 320, true);
  CHECK(phone.heard == "4/320 4/320 ");
}

TEST_CASE("what is sent is heard as the same press, with marker first and the end three times") {
  for (const char key : kDtmfDigits) {
    CAPTURE(key);
    TelephoneEventSender sender;
    Phone phone;
    REQUIRE(sender.start(key, 5000, 800, 160));
    int packets = 0;
    int ends = 0;
    while (sender.active()) {
      const auto packet = sender.next();
      CHECK(packet.timestamp == 5000);
      CHECK(packet.marker == (packets == 0));
      CHECK(packet.done == !sender.active());
      ends += parse_telephone_event(packet.payload)->end ? 1 : 0;
      phone.note(phone.receiver.on_packet(packet.timestamp, packet.payload, packets));
      ++packets;
    }
    CHECK(packets == 5 + 2);
    CHECK(ends == TelephoneEventSender::kEndPackets);
    CHECK(phone.heard == std::string(1, key) + "/800 ");
  }
}

TEST_CASE("sending bounds the duration, takes lower case, refuses what is no key and can be cancelled") {
  TelephoneEventSender sender;
  CHECK_FALSE(sender.start('x', 0, 800, 160));
  CHECK_FALSE(sender.active());
  REQUIRE(sender.start('d', 0, 0, 160));
  CHECK(sender.next().payload[0] == 15);
  sender.cancel();
  CHECK_FALSE(sender.active());
  REQUIRE(sender.start('1', 0, 1'000'000, 60'000));
  CHECK(parse_telephone_event(sender.next().payload)->duration_ticks == 60'000);
  CHECK(parse_telephone_event(sender.next().payload)->duration_ticks == 65'535);
}

}  // namespace
}  // namespace offhook
