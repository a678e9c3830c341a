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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PatternParseException;

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

	private final List<RequestMappingInfo> mappings = new CopyOnWriteArrayList<>();

	private final TakenPaths taken = new TakenPaths();

	private StringValueResolver placeholders = (value) -> value;

	private List<PairHandlerMapping> all = List.of(this);

	private PairHandlerMapping(Wire<?> wire, RequestMappingHandlerMapping mvc) {
		Assert.notNull(mvc, "'mvc' must not be null");
		this.wire = wire;
		this.mvc = mvc;
		setPatternParser(mvc.getPatternParser());
		setCorsProcessor(mvc.getCorsProcessor());
		if (mvc.getCorsConfigurationSource() != null) {
			setCorsConfigurationSource(mvc.getCorsConfigurationSource());
		}
		setOrder(DEFAULT_ORDER);
	}

	/** Which headers decide on a path is known when all mappings are. */
	void setAll(List<PairHandlerMapping> all) {
		this.all = all;
	}

	/**
	 * Maps WebSocket handshakes to the methods with
	 * {@link dev.halley.annotation.WebSocketMapping}.
	 * @param support what the endpoints are made with
	 * @param mvc the mapping of {@code @RequestMapping} methods, for its paths' syntax
	 * and prefixes and for its interceptors
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping webSocket(WebSocketSupport support, RequestMappingHandlerMapping mvc) {
		Assert.notNull(support, "'support' must not be null");
		return new PairHandlerMapping(new WebSocketWire(support), mvc);
	}

	/**
	 * Maps requests for event streams to the methods with
	 * {@link dev.halley.annotation.EventSourceMapping}.
	 * @param support what the endpoints are made with
	 * @param mvc the mapping of {@code @RequestMapping} methods
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping eventSource(EventStreamSupport support, RequestMappingHandlerMapping mvc) {
		Assert.notNull(support, "'support' must not be null");
		PairHandlerMapping mapping = new PairHandlerMapping(new EventSourceWire(support), mvc);
		mapping.setOrder(DEFAULT_ORDER + 1);
		return mapping;
	}

	/**
	 * Maps requests for HTML to the methods with
	 * {@link dev.halley.annotation.CometMapping}.
	 * @param support what the endpoints are made with
	 * @param mvc the mapping of {@code @RequestMapping} methods
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping comet(CometSupport support, RequestMappingHandlerMapping mvc) {
		Assert.notNull(support, "'support' must not be null");
		PairHandlerMapping mapping = new PairHandlerMapping(new CometWire(support), mvc);
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
			logger.debug("Cannot look for mapped methods in " + beanType, ex);
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
		return mappingFor(this.wire, new EndpointMethod(method, handlerType));
	}

	private <A extends Annotation> @Nullable RequestMappingInfo mappingFor(Wire<A> wire, EndpointMethod method) {
		MergedAnnotation<A> mapping = MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY)
			.get(wire.annotationType());
		if (!mapping.isPresent()) {
			return null;
		}
		if (AnnotatedElementUtils.hasAnnotation(method.method(), RequestMapping.class)) {
			throw method.invalid("has a @RequestMapping too, but a pair is no HTTP answer",
					"another method for plain requests to the path");
		}
		try {
			RequestMappingInfo info = mappingFor(method, wire.bind(method, mapping, this.placeholders));
			new EndpointParameters(method).check(info.getPatternValues());
			return info;
		}
		catch (PlaceholderResolutionException ex) {
			throw method.invalid("a placeholder cannot be resolved: " + ex.getMessage(),
					"a property of that name, or a default as in ${name:value}", ex);
		}
	}

	private RequestMappingInfo mappingFor(EndpointMethod method, Endpoint endpoint) {
		try {
			RequestMappingInfo info = endpoint.restrict(paths(endpoint.paths()))
				.customCondition(new EndpointCondition(endpoint))
				.build();
			RequestMapping onType = AnnotatedElementUtils.findMergedAnnotation(method.type(), RequestMapping.class);
			info = (onType != null) ? mappingOf(onType, endpoint.takesBodies()).combine(info) : info;
			if (info.isEmptyMapping()) {
				throw method.invalid("has no path", "a path on the method or in a @RequestMapping on the class");
			}
			return prefixed(info, method.type());
		}
		catch (PatternParseException ex) {
			throw method.invalid("path " + endpoint.paths() + " is malformed: " + ex.getMessage(),
					"a path pattern such as /rooms/{room}", ex);
		}
	}

	/** What a class says of methods and of bodies that go out does not concern a wire. */
	private RequestMappingInfo mappingOf(RequestMapping onType, boolean withBodies) {
		List<String> paths = Arrays.stream(onType.path()).map(this::resolve).toList();
		RequestMappingInfo.Builder mapping = paths(paths).params(onType.params()).headers(onType.headers());
		return (withBodies ? mapping.consumes(onType.consumes()) : mapping).build();
	}

	private RequestMappingInfo prefixed(RequestMappingInfo info, Class<?> type) {
		for (Map.Entry<String, Predicate<Class<?>>> prefix : this.mvc.getPathPrefixes().entrySet()) {
			if (prefix.getValue().test(type)) {
				return paths(List.of(resolve(prefix.getKey()))).build().combine(info);
			}
		}
		return info;
	}

	private RequestMappingInfo.Builder paths(List<String> paths) {
		return RequestMappingInfo.paths(paths.toArray(String[]::new)).options(this.mvc.getBuilderConfiguration());
	}

	private String resolve(String value) {
		return Objects.requireNonNullElse(this.placeholders.resolveStringValue(value), "");
	}

	@Override
	protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
		this.taken.take(mapping, method);
		super.registerHandlerMethod(handler, method, mapping);
		this.mappings.add(mapping);
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
		setVary(this.all, request);
		return new PairHandlerMethod(ProxiedMethods.invocable(method), endpoint);
	}

	/** Keeps which headers decide what the path of a request answers with. */
	static void setVary(List<PairHandlerMapping> mappings, HttpServletRequest request) {
		Vary.set(request,
				mappings.stream()
					.filter((mapping) -> mapping.mappings.stream().anyMatch((each) -> isOnPath(each, request)))
					.map((mapping) -> (mapping.wire.content() != null) ? HttpHeaders.ACCEPT : HttpHeaders.UPGRADE)
					.distinct()
					.sorted()
					.toList());
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

	/**
	 * Returns the mappings to the path of a request, whether or not they take it. What a
	 * handshake asks for in vain is as if it were not there.
	 */
	List<RequestMappingInfo> onPathOf(HttpServletRequest request) {
		boolean stream = this.wire.content() != null;
		if (!stream && this.wire.isAskedFor(request)) {
			return List.of();
		}
		return this.mappings.stream()
			.filter((mapping) -> isOnPath(mapping, request))
			.filter((mapping) -> !stream || mapping.getHeadersCondition().getMatchingCondition(request) != null)
			.toList();
	}

	private static boolean isOnPath(RequestMappingInfo mapping, HttpServletRequest request) {
		return mapping.getActivePatternsCondition().getMatchingCondition(request) != null;
	}

	/** Tells why a request is not served. */
	void refuse(HttpServletRequest request, Refusal refusal) {
		onPathOf(request).forEach((mapping) -> refusal.add(this.wire, mapping, request));
	}

	/** Returns the methods by which the path of a request is served. */
	Set<String> methodsFor(HttpServletRequest request) {
		Set<String> methods = onPathOf(request).stream()
			.flatMap((mapping) -> mapping.getMethodsCondition().getMethods().stream())
			.map(RequestMethod::name)
			.collect(Collectors.toCollection(HashSet::new));
		if (this.wire.content() == null) {
			methods.add(HttpMethod.GET.name());
		}
		else if (methods.contains(HttpMethod.GET.name())) {
			methods.add(HttpMethod.HEAD.name());
		}
		return methods;
	}

}
