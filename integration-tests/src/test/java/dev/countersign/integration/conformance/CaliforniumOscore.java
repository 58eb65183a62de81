// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.conformance;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.OscoreMessage;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.cose.AlgorithmID;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.oscore.HashMapCtxDB;
import org.eclipse.californium.oscore.OSCoreCtx;
import org.eclipse.californium.oscore.OSException;
import org.eclipse.californium.oscore.ObjectSecurityLayer;
import org.jspecify.annotations.Nullable;

/** One side of a device's sealed messages, as Eclipse Californium makes and reads them. */
final class CaliforniumOscore {
  private static final String URI = "coap://127.0.0.1";
  private static final int WINDOW = 32;
  private static final int LARGEST = 4096;

  private final HashMapCtxDB contexts = new HashMapCtxDB();
  private final OSCoreCtx context;
  private final Token token = new Token(new byte[] {1});

  CaliforniumOscore(
      boolean device,
      DeviceKey key,
      DeviceSerial serial,
      SealedAlgorithm algorithm,
      byte @Nullable [] idContext)
      throws OSException {
    SecretAccess access = SecretAccess.insecure();
    byte[] kid = KeyId.of(serial, 1).bytes();
    context =
        new OSCoreCtx(
            key.derive(KeyPurpose.OSCORE_MASTER_SECRET, serial, 1, access),
            device,
            algorithm(algorithm),
            device ? kid : new byte[0],
            device ? new byte[0] : kid,
            AlgorithmID.HKDF_HMAC_SHA_256,
            WINDOW,
            key.derive(KeyPurpose.OSCORE_SALT, serial, 1, access),
            idContext,
            LARGEST);
    // Our requests name an ID Context only after lost state, and then as a CBOR byte string.
    if (idContext != null) {
      context.setIncludeContextId(false);
    }
    contexts.addContext(URI, context);
  }

  private static AlgorithmID algorithm(SealedAlgorithm algorithm) {
    return switch (algorithm) {
      case CCM -> AlgorithmID.AES_CCM_16_128_128;
      case CCM8 -> AlgorithmID.AES_CCM_16_64_128;
      case CHACHA20 -> AlgorithmID.CHACHA20_POLY1305;
    };
  }

  /** Seals a request, and expects its answer. */
  OscoreMessage seal(int sequence, InnerMessage message) throws Exception {
    context.setSenderSeq(sequence);
    var request = new Request(CoAP.Code.valueOf(message.code()));
    request.setURI(URI);
    request.setToken(token);
    fill(request, message);
    contexts.addContext(token, context);
    return sealed(ObjectSecurityLayer.prepareSend(contexts, request));
  }

  /** Opens a request. */
  InnerMessage open(OscoreMessage message) throws Exception {
    var request = new Request(CoAP.Code.POST);
    request.setToken(token);
    request.getOptions().setOscore(message.option().encode());
    request.setPayload(message.ciphertext());
    return inner(ObjectSecurityLayer.prepareReceive(contexts, request, context));
  }

  /** Seals the answer to a request. */
  OscoreMessage answer(int sequence, InnerMessage message) throws Exception {
    var response = new Response(CoAP.ResponseCode.valueOf(message.code()));
    response.setToken(token);
    fill(response, message);
    return sealed(
        ObjectSecurityLayer.prepareSend(contexts, response, context, false, false, sequence));
  }

  /** Opens the answer to a request that it sealed. */
  InnerMessage openAnswer(int sequence, OscoreMessage message) throws Exception {
    var response = new Response(CoAP.ResponseCode.CHANGED);
    response.setToken(token);
    response.getOptions().setOscore(message.option().encode());
    response.setPayload(message.ciphertext());
    return inner(ObjectSecurityLayer.prepareReceive(contexts, response, sequence));
  }

  private static OscoreMessage sealed(Message message) throws MalformedException {
    return OscoreMessage.of(message.getOptions().getOscore(), message.getPayload());
  }

  /** Its options and body, as its own parser reads ours. */
  private static void fill(Message to, InnerMessage message) {
    byte[] encoded = message.encode();
    var reader = new DatagramReader(encoded, 1, encoded.length - 1);
    new UdpDataParser().parseOptionsAndPayload(reader, to);
  }

  private static InnerMessage inner(Message message) throws MalformedException {
    var options = new OptionSet(message.getOptions());
    options.removeOscore();
    var writer = new DatagramWriter();
    writer.write(message.getRawCode(), CoAP.MessageFormat.CODE_BITS);
    DataSerializer.serializeOptionsAndPayload(writer, options, message.getPayload());
    return InnerMessage.decode(writer.toByteArray());
  }
}
