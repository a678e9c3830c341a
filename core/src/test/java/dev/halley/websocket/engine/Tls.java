/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.websocket.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/**
 * A key that was made for this run and signed itself, for servers and the clients that
 * trust it.
 */
final class Tls {

	private static final String PASSWORD = "changeit";

	private final Path keys;

	private final SSLContext trusting;

	private Tls(Path keys) throws IOException, GeneralSecurityException {
		this.keys = keys;
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(keys)) {
			store.load(in, PASSWORD.toCharArray());
		}
		// What was signed by the key is trusted as a certificate, not as a key
		store.setCertificateEntry("trusted", store.getCertificate("localhost"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(store);
		this.trusting = SSLContext.getInstance("TLS");
		this.trusting.init(null, trust.getTrustManagers(), null);
	}

	static Tls create() {
		try {
			Path keys = Files.createTempDirectory("halley").resolve("keys.p12");
			String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
			Process process = new ProcessBuilder(keytool, "-genkeypair", "-keyalg", "EC", "-alias", "localhost",
					"-dname", "CN=localhost", "-ext", "SAN=dns:localhost", "-keystore", keys.toString(), "-storetype",
					"PKCS12", "-storepass", PASSWORD)
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException(output);
			}
			return new Tls(keys);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Has a connector speak TLS. */
	void configure(Connector connector) {
		connector.setSecure(true);
		connector.setScheme("https");
		connector.setProperty("SSLEnabled", "true");
		SSLHostConfig config = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(config,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(this.keys.toString());
		certificate.setCertificateKeystorePassword(PASSWORD);
		config.addCertificate(certificate);
		connector.addSslHostConfig(config);
	}

	/**
	 * Connects.
	 * @param receiveBuffer how much the network may hold of what is not read, or 0
	 */
	Connection connect(int port, String version, int receiveBuffer) throws IOException {
		Socket tcp = new Socket();
		if (receiveBuffer > 0) {
			tcp.setReceiveBufferSize(receiveBuffer);
		}
		tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		SSLSocket tls = (SSLSocket) this.trusting.getSocketFactory().createSocket(tcp, "localhost", port, true);
		tls.setEnabledProtocols(new String[] { version });
		tls.startHandshake();
		return new Connection(tcp, tls);
	}

	/**
	 * A connection of a client.
	 *
	 * @param tcp what goes over the network
	 * @param tls what is in it
	 */
	record Connection(Socket tcp, SSLSocket tls) {

		/** Goes without a word, by RST. */
		void vanish() throws IOException {
			this.tcp.setSoLinger(true, 0);
			this.tcp.close();
		}

	}

}
