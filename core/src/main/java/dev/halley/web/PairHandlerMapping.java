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

package dev.halley.web;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.EmbeddedValueResolverAware;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.log.LogMessage;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Finds the methods of all beans that return pairs for one kind of wire, binds them at
 * start-up, and matches the requests that ask for this wire. Other requests pass to the
 * mappings after it.
 * <p>
 * Paths are understood, prefixed and intercepted as those of {@code @RequestMapping}
 * methods are, and streams are shared with other origins by the same rules of CORS; a
 * WebSocket has its own check of the origin. Beans are not created before a request needs
 * them.
 *
 * @since 0.1
 * @see #webSocket
 * @see #eventSource
 * @see #comet
 */
public final class PairHandlerMapping extends RequestMappingInfoHandlerMapping
		implements EmbeddedValueResolverAware, SmartInitializingSingleton {

	/**
	 * Before router functions and {@code @RequestMapping} methods.
	 */
	public static final int DEFAULT_ORDER = -10;

	private static final String ENDPOINT = PairHandlerMapping.class.getName() + ".ENDPOINT";

	private static final String UNASKED = PairHandlerMapping.class.getName() + ".UNASKED";

	private static final Set<DispatcherType> FOREIGN_DISPATCHES = Set.of(DispatcherType.ERROR, DispatcherType.INCLUDE);

	private final Wire<?> wire;

	private final RequestMappingHandlerMapping mvc;

	private final ServedPaths paths;

	private StringValueResolver placeholders = (value) -> value;

	private List<ServedPaths> all;

	private PairHandlerMapping(Wire<?> wire, RequestMappingHandlerMapping mvc) {
		Assert.notNull(mvc, "'mvc' must not be null");
		this.wire = wire;
		this.mvc = mvc;
		this.paths = new ServedPaths(wire);
		this.all = List.of(this.paths);
		setPatternParser(mvc.getPatternParser());
		setCorsProcessor(mvc.getCorsProcessor());
		if (mvc.getCorsConfigurationSource() != null) {
			setCorsConfigurationSource(mvc.getCorsConfigurationSource());
		}
		setOrder(DEFAULT_ORDER);
	}

	/** Which headers decide on a path is known when all mappings are. */
	void setAll(List<ServedPaths> all) {
		this.all = all;
	}

	/**
	 * Maps WebSocket handshakes to the methods with
	 * {@link dev.halley.annotation.WebSocketMapping}.
	 * @param runtime what the endpoints run with
	 * @param mvc the mapping of {@code @RequestMapping} methods, for its paths' syntax
	 * and prefixes and for its interceptors
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping webSocket(WebSocketRuntime runtime, RequestMappingHandlerMapping mvc) {
		Assert.notNull(runtime, "'runtime' must not be null");
		return new PairHandlerMapping(new WebSocketWire(runtime), mvc);
	}

	/**
	 * Maps requests for event streams to the methods with
	 * {@link dev.halley.annotation.EventSourceMapping}.
	 * @param runtime what the endpoints run with
	 * @param mvc the mapping of {@code @RequestMapping} methods
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping eventSource(EventStreamRuntime runtime, RequestMappingHandlerMapping mvc) {
		Assert.notNull(runtime, "'runtime' must not be null");
		PairHandlerMapping mapping = new PairHandlerMapping(new EventSourceWire(runtime), mvc);
		mapping.setOrder(DEFAULT_ORDER + 1);
		return mapping;
	}

	/**
	 * Maps requests for HTML to the methods with
	 * {@link dev.halley.annotation.CometMapping}.
	 * @param runtime what the endpoints run with
	 * @param mvc the mapping of {@code @RequestMapping} methods
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping comet(CometRuntime runtime, RequestMappingHandlerMapping mvc) {
		Assert.notNull(runtime, "'runtime' must not be null");
		PairHandlerMapping mapping = new PairHandlerMapping(new CometWire(runtime), mvc);
		mapping.setOrder(DEFAULT_ORDER + 2);
		return mapping;
	}

	@Override
	public void setEmbeddedValueResolver(StringValueResolver resolver) {
		this.placeholders = resolver;
	}

	/** Takes the interceptors of Spring MVC, which has found the mapped ones already. */
	@Override
	protected void detectMappedInterceptors(List<HandlerInterceptor> interceptors) {
		addInterceptorsOf(this.mvc, interceptors);
	}

	static void addInterceptorsOf(RequestMappingHandlerMapping mvc, List<HandlerInterceptor> interceptors) {
		HandlerInterceptor[] those = mvc.getAdaptedInterceptors();
		if (those != null) {
			interceptors.addAll(Arrays.asList(those));
		}
	}

	@Override
	protected boolean isHandler(Class<?> beanType) {
		if (isInfrastructure(beanType) || !AnnotationUtils.isCandidateClass(beanType, this.wire.annotationType())) {
			return false;
		}
		try {
			return !MethodIntrospector.selectMethods(ClassUtils.getUserClass(beanType), this::isMapped).isEmpty();
		}
		catch (IllegalStateException | LinkageError | TypeNotPresentException ex) {
			// A bean with an optional class in a signature: none of ours
			logger.debug(LogMessage.format("Cannot look for mapped methods in %s", beanType), ex);
			return false;
		}
	}

	private static boolean isInfrastructure(Class<?> beanType) {
		return beanType.getName().startsWith("org.springframework.")
				&& !AnnotatedElementUtils.isAnnotated(ClassUtils.getUserClass(beanType), Component.class);
	}

	private boolean isMapped(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, this.wire.annotationType());
	}

	@Override
	protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> handlerType) {
		return new MappingReader(this.mvc, this.placeholders).read(this.wire, new EndpointMethod(method, handlerType));
	}

	@Override
	protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
		this.paths.take(mapping, method);
		super.registerHandlerMethod(handler, method, mapping);
		this.paths.serve(mapping);
	}

	/** When all beans are there, so that it is known which of them are proxies. */
	@Override
	public void afterSingletonsInstantiated() {
		ApplicationContext context = obtainApplicationContext();
		SingletonBeanRegistry singletons = (SingletonBeanRegistry) context.getAutowireCapableBeanFactory();
		for (String name : getCandidateBeanNames()) {
			Class<?> type = singletons.containsSingleton(name) ? context.getType(name) : null;
			if (type != null && SpringProxy.class.isAssignableFrom(type) && context.isSingleton(name)) {
				checkProxy(context.getBean(name));
			}
		}
	}

	private void checkProxy(Object bean) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (isHandler(type)) {
			Set<Method> mapped = MethodIntrospector.selectMethods(type, this::isMapped);
			mapped.forEach((method) -> ProxiedMethods.check(method, bean));
			mapped.forEach((method) -> ProxiedMethods.checkFound(method, bean, getHandlerMethods().values()));
			ExceptionHandlerMethods.of(type).forEach((method) -> ProxiedMethods.check(method, bean));
		}
	}

	@Override
	protected @Nullable CorsConfiguration initCorsConfiguration(Object handler, Method method,
			RequestMappingInfo mapping) {
		return (this.wire.content() != null)
				? new CrossOrigins(this.placeholders).of(createHandlerMethod(handler, method), mapping) : null;
	}

	@Override
	protected boolean hasCorsConfigurationSource(Object handler) {
		return this.wire.content() != null && super.hasCorsConfigurationSource(handler);
	}

	@Override
	protected @Nullable HandlerMethod getHandlerInternal(HttpServletRequest request) throws Exception {
		if (isForeign(request)) {
			return null;
		}
		if (CorsUtils.isPreFlightRequest(request)) {
			return (request.getAttribute(UNASKED) != null) ? super.getHandlerInternal(request) : null;
		}
		boolean serves = this.wire.isAskedFor(request)
				|| (request.getAttribute(UNASKED) != null && this.wire.isAcceptableTo(request));
		return serves ? endpointFor(request) : null;
	}

	/**
	 * Finds the endpoint for a request that takes this wire, but did not ask for it. Who
	 * asks for a WebSocket can use nothing else.
	 */
	@Nullable HandlerExecutionChain unaskedHandlerFor(HttpServletRequest request) throws Exception {
		return Upgrades.isAskedForBy(request) ? null : unasked(request);
	}

	/** Finds the endpoints that a preflight may be for. */
	@Nullable HandlerExecutionChain preflightHandlerFor(HttpServletRequest request) throws Exception {
		return (this.wire.content() != null) ? unasked(request) : null;
	}

	private @Nullable HandlerExecutionChain unasked(HttpServletRequest request) throws Exception {
		request.setAttribute(UNASKED, true);
		try {
			return getHandler(request);
		}
		finally {
			request.removeAttribute(UNASKED);
		}
	}

	private @Nullable HandlerMethod endpointFor(HttpServletRequest request) throws Exception {
		HandlerMethod method = super.getHandlerInternal(request);
		if (method == null || !(request.getAttribute(ENDPOINT) instanceof Endpoint endpoint)) {
			return null;
		}
		ServedPaths.setVary(this.all, request);
		return new PairHandlerMethod(ProxiedMethods.invocable(method), endpoint);
	}

	/** An error page is no endpoint, though its request still has the headers. */
	static boolean isForeign(HttpServletRequest request) {
		return FOREIGN_DISPATCHES.contains(request.getDispatcherType());
	}

	@Override
	protected void handleMatch(RequestMappingInfo info, String lookupPath, HttpServletRequest request) {
		super.handleMatch(info, lookupPath, request);
		if (info.getCustomCondition() instanceof EndpointCondition condition) {
			request.setAttribute(ENDPOINT, condition.endpoint());
		}
	}

	@Override
	protected @Nullable HandlerMethod handleNoMatch(Set<RequestMappingInfo> infos, String lookupPath,
			HttpServletRequest request) {
		return null;
	}

	/**
	 * Describes what is mapped.
	 * @return a description of each path
	 */
	public List<EndpointDescription> endpoints() {
		return getHandlerMethods().entrySet()
			.stream()
			.flatMap((entry) -> describe(entry.getKey(), entry.getValue()))
			.toList();
	}

	private static Stream<EndpointDescription> describe(RequestMappingInfo mapping, HandlerMethod method) {
		if (!(mapping.getCustomCondition() instanceof EndpointCondition condition)) {
			return Stream.empty();
		}
		Endpoint endpoint = condition.endpoint();
		PairSignature messages = PairSignature.of(new EndpointMethod(method.getMethod(), method.getBeanType()));
		return mapping.getPatternValues()
			.stream()
			.map((path) -> new EndpointDescription(path, endpoint.transport(), endpoint.handler(),
					messages.in().toString(), messages.out().toString(), endpoint.settings(), endpoint.spoken(),
					endpoint.allowed()));
	}

	/** Returns what the paths of this wire have, whoever asks for them. */
	ServedPaths paths() {
		return this.paths;
	}

}
