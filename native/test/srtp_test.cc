#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "rtp/packet.h"
#include "rtp/srtp.h"

using namespace offhook;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes hex(std::string_view text) {
  Bytes bytes;
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += c;
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

/// RFC 3711 appendix B.3.
const Bytes kMaster = hex("e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6");
const Bytes kGcmMaster = hex("000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab");
const Bytes kPlain = hex("800f1234decafbadcafebabe abababababababababababababababab");
const Bytes kPlainRtcp = hex("81c8000bcafebabe abababababababababababababababab");

Bytes master_for(SrtpSuite suite, std::uint8_t seed = 1) {
  Bytes bytes(shape_of(suite).key_bytes + shape_of(suite).salt_bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(seed + i * 7);
  return bytes;
}

Bytes packet(std::uint16_t sequence, std::uint32_t ssrc = 0xCAFEBABE, std::size_t payload = 160) {
  Bytes bytes(kRtpHeaderBytes + payload, static_cast<std::uint8_t>(sequence));
  static_cast<void>(write_rtp_header(bytes, {.payload_type = 0, .sequence = sequence, .timestamp = sequence * 160U, .ssrc = ssrc}));
  return bytes;
}

template <typename Protector>
Bytes sealed(Protector& protector, Bytes plain) {
  const std::size_t length = plain.size();
  plain.resize(length + kSrtpOverheadBytes);
  const std::size_t bytes = protector.protect(plain, length);
  plain.resize(bytes);
  return plain;
}

template <typename Opener>
Bytes opened(Opener& opener, Bytes bytes) {
  bytes.resize(opener.unprotect(bytes));
  return bytes;
}

constexpr std::array kSuites{SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32,
                             SrtpSuite::aes_256_cm_hmac_sha1_80, SrtpSuite::aes_256_cm_hmac_sha1_32,
                             SrtpSuite::aead_aes_128_gcm,        SrtpSuite::aead_aes_256_gcm};

}  // namespace

TEST_CASE("packets protected by another implementation come out the same") {
  const auto cm = SrtpSender::create(SrtpSuite::aes_cm_128_hmac_sha1_80, kMaster);
  CHECK(sealed(*cm, kPlain) == hex("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb"));
  const auto cm_rtcp = SrtcpSender::create(SrtpSuite::aes_cm_128_hmac_sha1_80, kMaster);
  CHECK(sealed(*cm_rtcp, kPlainRtcp) == hex("81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798"));
  const auto gcm = SrtpSender::create(SrtpSuite::aead_aes_128_gcm, kGcmMaster);
  CHECK(sealed(*gcm, kPlain) == hex("800f1234decafbadcafebabe c5002ede04cfdd2eb91159e0880aa06e d2976826f796b201df3131a127e8a392"));
}

TEST_CASE("what one side protects the other opens, for every suite") {
  for (const SrtpSuite suite : kSuites) {
    CAPTURE(shape_of(suite).name);
    const auto sender = SrtpSender::create(suite, master_for(suite));
    const auto receiver = SrtpReceiver::create(suite, master_for(suite));
    for (std::uint16_t sequence = 1; sequence < 50; ++sequence) {
      const Bytes plain = packet(sequence, 7, sequence);
      const Bytes secret = sealed(*sender, plain);
      CHECK(secret.size() == plain.size() + shape_of(suite).rtp_tag_bytes);
      CHECK_FALSE(std::equal(plain.begin() + kRtpHeaderBytes, plain.end(), secret.begin() + kRtpHeaderBytes));
      CHECK(opened(*receiver, secret) == plain);
    }
    const auto rtcp_sender = SrtcpSender::create(suite, master_for(suite));
    const auto rtcp_receiver = SrtcpReceiver::create(suite, master_for(suite));
    for (int i = 0; i < 5; ++i) CHECK(opened(*rtcp_receiver, sealed(*rtcp_sender, kPlainRtcp)) == kPlainRtcp);
  }
}

TEST_CASE("a packet that was changed anywhere, or is under another key, is refused") {
  for (const SrtpSuite suite : kSuites) {
    CAPTURE(shape_of(suite).name);
    const auto sender = SrtpSender::create(suite, master_for(suite));
    const auto rtcp_sender = SrtcpSender::create(suite, master_for(suite));
    const Bytes secret = sealed(*sender, packet(1));
    const Bytes rtcp_secret = sealed(*rtcp_sender, kPlainRtcp);
    const auto receiver = SrtpReceiver::create(suite, master_for(suite));
    const auto rtcp_receiver = SrtcpReceiver::create(suite, master_for(suite));
    for (std::size_t i = 0; i < secret.size(); ++i) {
      Bytes forged = secret;
      forged[i] ^= 0x10;
      CHECK(opened(*receiver, forged).empty());
    }
    for (std::size_t i = 0; i < rtcp_secret.size(); ++i) {
      Bytes forged = rtcp_secret;
      forged[i] ^= 0x10;
      CHECK(opened(*rtcp_receiver, forged).empty());
    }
    CHECK(opened(*SrtpReceiver::create(suite, master_for(suite, 2)), secret).empty());
    CHECK(opened(*receiver, packet(1)).empty());
    CHECK_FALSE(opened(*receiver, secret).empty());
    CHECK_FALSE(opened(*rtcp_receiver, rtcp_secret).empty());
  }
}

TEST_CASE("what came before is not taken again, what overtook is") {
  const SrtpSuite suite = SrtpSuite::aead_aes_128_gcm;
  const auto sender = SrtpSender::create(suite, master_for(suite));
  const auto receiver = SrtpReceiver::create(suite, master_for(suite));
  std::vector<Bytes> sent;
  for (std::uint16_t sequence = 1; sequence <= 300; ++sequence) sent.push_back(sealed(*sender, packet(sequence)));
  CHECK_FALSE(opened(*receiver, sent[1]).empty());
  CHECK_FALSE(opened(*receiver, sent[0]).empty());
  CHECK(opened(*receiver, sent[0]).empty());
  CHECK(opened(*receiver, sent[1]).empty());
  CHECK_FALSE(opened(*receiver, sent[299]).empty());
  CHECK_FALSE(opened(*receiver, sent[299 - 127]).empty());
  CHECK(opened(*receiver, sent[299 - 128]).empty());
}

TEST_CASE("the sequence number may roll over, also while packets are lost or late") {
  const SrtpSuite suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  const auto sender = SrtpSender::create(suite, master_for(suite));
  const auto receiver = SrtpReceiver::create(suite, master_for(suite));
  Bytes late;
  for (std::uint32_t n = 65'000; n < 65'536 * 3; ++n) {
    const Bytes secret = sealed(*sender, packet(static_cast<std::uint16_t>(n)));
    if (n == 65'535) {
      late = secret;
      continue;
    }
    if (n % 7 == 0) continue;
    REQUIRE_FALSE(opened(*receiver, secret).empty());
    if (n == 65'540) CHECK_FALSE(opened(*receiver, late).empty());
  }
}

TEST_CASE("a new source under the same key begins anew; the one before cannot be played again") {
  const SrtpSuite suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  const auto first = SrtpSender::create(suite, master_for(suite));
  const auto second = SrtpSender::create(suite, master_for(suite));
  const auto receiver = SrtpReceiver::create(suite, master_for(suite));
  const Bytes old = sealed(*first, packet(40'000, 1));
  CHECK_FALSE(opened(*receiver, old).empty());
  CHECK_FALSE(opened(*receiver, sealed(*second, packet(5, 2))).empty());
  CHECK(opened(*receiver, old).empty());
}

TEST_CASE("after a change of keys the old one holds until enough has come under the new") {
  for (const SrtpSuite suite : {SrtpSuite::aead_aes_256_gcm, SrtpSuite::aes_cm_128_hmac_sha1_80}) {
    CAPTURE(shape_of(suite).name);
    const auto old_sender = SrtpSender::create(suite, master_for(suite));
    const auto sender = SrtpSender::create(suite, master_for(suite, 2));
    const auto receiver = SrtpReceiver::create(suite, master_for(suite, 2));
    CHECK(receiver->take_over_from(SrtpReceiver::create(suite, master_for(suite))) == nullptr);
    for (std::uint16_t sequence = 1; sequence <= 60; ++sequence) {
      CHECK(opened(*receiver, sealed(*old_sender, packet(sequence))) == packet(sequence));
    }
    CHECK(opened(*receiver, sealed(*SrtpSender::create(suite, master_for(suite, 3)), packet(61))).empty());
    const Bytes replayed = sealed(*old_sender, packet(61));
    CHECK_FALSE(opened(*receiver, replayed).empty());
    CHECK(opened(*receiver, replayed).empty());
    for (std::uint16_t sequence = 62; sequence < 62 + SrtpReceiver::kOverlapPackets; ++sequence) {
      CHECK(opened(*receiver, sealed(*sender, packet(sequence))) == packet(sequence));
    }
    CHECK(opened(*receiver, sealed(*old_sender, packet(200))).empty());
    CHECK_FALSE(opened(*receiver, sealed(*sender, packet(200))).empty());
  }
}

TEST_CASE("of keys that change again and again only the newest two are kept") {
  const SrtpSuite suite = SrtpSuite::aead_aes_128_gcm;
  auto first = SrtpReceiver::create(suite, master_for(suite));
  const SrtpReceiver* const first_at = first.get();
  auto second = SrtpReceiver::create(suite, master_for(suite, 2));
  CHECK(second->take_over_from(std::move(first)) == nullptr);
  const auto third = SrtpReceiver::create(suite, master_for(suite, 3));
  CHECK(third->take_over_from(std::move(second)).get() == first_at);
}

TEST_CASE("keys of the wrong length, no room, and what is no packet") {
  CHECK(SrtpSender::create(SrtpSuite::aead_aes_256_gcm, kMaster) == nullptr);
  CHECK(SrtcpReceiver::create(SrtpSuite::aes_cm_128_hmac_sha1_80, Bytes(29)) == nullptr);
  CHECK_FALSE(srtp_suite_of("F8_128_HMAC_SHA1_80"));
  const auto sender = SrtpSender::create(SrtpSuite::aes_cm_128_hmac_sha1_80, kMaster);
  Bytes tight = packet(1);
  CHECK(sender->protect(tight, tight.size()) == 0);
  Bytes no_rtp(64, 0x12);
  CHECK(sender->protect(no_rtp, 20) == 0);
  const auto receiver = SrtpReceiver::create(SrtpSuite::aes_cm_128_hmac_sha1_80, kMaster);
  const auto rtcp_receiver = SrtcpReceiver::create(SrtpSuite::aes_cm_128_hmac_sha1_80, kMaster);
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes noise(size);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    if (size > 0) noise[0] = static_cast<std::uint8_t>(0x80 | (noise[0] & 0x3F));
    CHECK(opened(*receiver, noise).empty());
    CHECK(opened(*rtcp_receiver, noise).empty());
  }
}
