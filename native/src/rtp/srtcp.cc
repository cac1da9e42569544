#include <openssl/crypto.h>

#include <algorithm>

#include "packet.h"
#include "srtp.h"

namespace offhook {

namespace {

/// The common header and the sender's SSRC stay readable (RFC 3711 section 3.4).
constexpr std::size_t kClearBytes = 8;
constexpr std::size_t kIndexBytes = 4;
/// Above the index: says that the packet is encrypted.
constexpr std::uint32_t kEncrypted = 0x80000000U;

}  // namespace

std::unique_ptr<SrtcpSender> SrtcpSender::create(SrtpSuite suite, std::span<const std::uint8_t> master) {
  auto cipher = SrtpCipher::derive(suite, master, SrtpCipher::Stream::rtcp, SrtpDirection::protect);
  return cipher == nullptr ? nullptr : std::unique_ptr<SrtcpSender>(new SrtcpSender(std::move(cipher)));
}

/// With HMAC the index stands before the tag, with GCM behind it (RFC 7714 section 9.2).
std::size_t SrtcpSender::protect(std::span<std::uint8_t> buffer, std::size_t length) noexcept {
  const std::size_t tag_bytes = cipher_->shape().rtcp_tag_bytes;
  if (length < kClearBytes || length > buffer.size() || buffer.size() - length < tag_bytes + kIndexBytes) return 0;
  index_ = (index_ + 1) & ~kEncrypted;
  const std::uint32_t ssrc = rtp_detail::read_u32(buffer.data() + 4);
  const auto header = buffer.first(kClearBytes);
  const auto payload = buffer.subspan(kClearBytes, length - kClearBytes);
  std::uint8_t* const end = buffer.data() + length;
  if (cipher_->shape().aead) {
    std::uint8_t* const index_at = end + tag_bytes;
    rtp_detail::write_u32(index_at, index_ | kEncrypted);
    if (!cipher_->seal(ssrc, index_, header, {index_at, kIndexBytes}, payload, end)) return 0;
  } else {
    if (!cipher_->crypt(ssrc, index_, payload)) return 0;
    rtp_detail::write_u32(end, index_ | kEncrypted);
    std::array<std::uint8_t, 20> tag;
    cipher_->authenticate(buffer.first(length + kIndexBytes), {}, tag);
    std::copy_n(tag.begin(), tag_bytes, end + kIndexBytes);
  }
  return length + tag_bytes + kIndexBytes;
}

std::unique_ptr<SrtcpReceiver> SrtcpReceiver::create(SrtpSuite suite, std::span<const std::uint8_t> master) {
  auto cipher = SrtpCipher::derive(suite, master, SrtpCipher::Stream::rtcp, SrtpDirection::unprotect);
  return cipher == nullptr ? nullptr : std::unique_ptr<SrtcpReceiver>(new SrtcpReceiver(std::move(cipher)));
}

std::size_t SrtcpReceiver::unprotect(std::span<std::uint8_t> packet) noexcept {
  const bool aead = cipher_->shape().aead;
  const std::size_t tag_bytes = cipher_->shape().rtcp_tag_bytes;
  if (packet.size() < kClearBytes + tag_bytes + kIndexBytes) return 0;
  const std::size_t length = packet.size() - tag_bytes - kIndexBytes;
  std::uint8_t* const end = packet.data() + length;
  const std::uint8_t* const index_at = aead ? end + tag_bytes : end;
  const std::uint32_t word = rtp_detail::read_u32(index_at);
  const std::uint32_t index = word & ~kEncrypted;
  const bool encrypted = (word & kEncrypted) != 0;
  if (!window_.is_new(index)) return 0;
  const std::uint32_t ssrc = rtp_detail::read_u32(packet.data() + 4);
  const auto header = packet.first(kClearBytes);
  const auto payload = packet.subspan(kClearBytes, length - kClearBytes);
  if (aead) {
    // RFC 7714 section 9.3 allows RTCP that is only authenticated; nobody needs it, and it is one form less to attack.
    if (!encrypted || !cipher_->open(ssrc, index, header, {index_at, kIndexBytes}, payload, end)) return 0;
  } else {
    std::array<std::uint8_t, 20> expected;
    cipher_->authenticate(packet.first(length + kIndexBytes), {}, expected);
    if (CRYPTO_memcmp(expected.data(), end + kIndexBytes, tag_bytes) != 0) return 0;
    if (encrypted && !cipher_->crypt(ssrc, index, payload)) return 0;
  }
  window_.accept(index);
  return length;
}

}  // namespace offhook
