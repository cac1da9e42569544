#include "rtp/packet.h"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <vector>

namespace offhook {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes packet_with(std::uint8_t first, const Bytes& rest = {}) {
  Bytes bytes{first, 0x80 | 96, 0x12, 0x34, 0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 4};
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}
Bytes payload_of(const RtpView& view) { return {view.payload.begin(), view.payload.end()}; }

TEST_CASE("the fixed header is read field by field in network order") {
  const Bytes bytes = packet_with(0x80, {9, 8, 7});
  const auto view = parse_rtp(bytes);
  REQUIRE(view);
  CHECK(view->marker);
  CHECK(view->payload_type == 96);
  CHECK(view->sequence == 0x1234);
  CHECK(view->timestamp == 0xDEADBEEFU);
  CHECK(view->ssrc == 0x01020304U);
  CHECK(payload_of(*view) == Bytes{9, 8, 7});
}

TEST_CASE("CSRCs, a header extension and padding are not payload") {
  CHECK(payload_of(*parse_rtp(packet_with(0x82, {1, 1, 1, 1, 2, 2, 2, 2, 42}))) == Bytes{42});
  CHECK(payload_of(*parse_rtp(packet_with(0x90, {0xBE, 0xDE, 0, 1, 5, 5, 5, 5, 42}))) == Bytes{42});
  CHECK(payload_of(*parse_rtp(packet_with(0x90, {0xBE, 0xDE, 0, 0, 42}))) == Bytes{42});
  CHECK(payload_of(*parse_rtp(packet_with(0xA0, {42, 0, 0, 3}))) == Bytes{42});
  CHECK(payload_of(*parse_rtp(packet_with(0xB1, {1, 1, 1, 1, 0, 0, 0, 1, 5, 5, 5, 5, 42, 0, 2}))) == Bytes{42});
}

TEST_CASE("a packet may be all header or all padding") {
  CHECK(parse_rtp(packet_with(0x80))->payload.empty());
  CHECK(parse_rtp(packet_with(0xA0, {0, 0, 3}))->payload.empty());
}

TEST_CASE("whatever claims more than it holds is refused") {
  CHECK_FALSE(parse_rtp({}));
  CHECK_FALSE(parse_rtp(Bytes(11, 0x80)));
  CHECK_FALSE(parse_rtp(packet_with(0x81)));                       // a CSRC is missing
  CHECK_FALSE(parse_rtp(packet_with(0x90, {0xBE, 0xDE})));         // half an extension header
  CHECK_FALSE(parse_rtp(packet_with(0x90, {0xBE, 0xDE, 0, 2, 0, 0, 0, 0})));
  CHECK_FALSE(parse_rtp(packet_with(0x90, {0xBE, 0xDE, 0xFF, 0xFF})));
  CHECK_FALSE(parse_rtp(packet_with(0xA0, {0, 0, 0})));            // padding of no bytes
  CHECK_FALSE(parse_rtp(packet_with(0xA0, {0, 0, 4})));            // padding reaches into the header
}

TEST_CASE("other versions, and RTCP on the same port, are not RTP") {
  CHECK_FALSE(parse_rtp(packet_with(0x00)));
  CHECK_FALSE(parse_rtp(packet_with(0x40)));
  CHECK_FALSE(parse_rtp(packet_with(0xC0)));
  for (unsigned type = 192; type <= 223; ++type) {
    Bytes rtcp = packet_with(0x80);
    rtcp[1] = static_cast<std::uint8_t>(type);
    CHECK_FALSE(parse_rtp(rtcp));
  }
}

TEST_CASE("a payload never leaves its datagram, whatever the bytes") {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(random() % 64);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(0x80U | (bytes[0] & 0x3FU));
    const auto view = parse_rtp(bytes);
    if (!view || view->payload.empty()) continue;
    REQUIRE(view->payload.data() >= bytes.data() + kRtpHeaderBytes);
    REQUIRE(view->payload.data() + view->payload.size() <= bytes.data() + bytes.size());
  }
}

TEST_CASE("a written header reads back the same; too little room writes nothing") {
  std::array<std::uint8_t, 14> bytes{};
  const RtpHeader header{.payload_type = 101, .marker = true, .sequence = 65535, .timestamp = 0x80000001U, .ssrc = 0xCAFEBABEU};
  CHECK(write_rtp_header(bytes, header) == kRtpHeaderBytes);
  const auto view = parse_rtp(bytes);
  REQUIRE(view);
  CHECK(view->payload_type == 101);
  CHECK(view->marker);
  CHECK(view->sequence == 65535);
  CHECK(view->timestamp == 0x80000001U);
  CHECK(view->ssrc == 0xCAFEBABEU);
  CHECK(view->payload.size() == 2);
  CHECK(write_rtp_header(std::span(bytes).first(11), header) == 0);
}

}  // namespace
}  // namespace offhook
